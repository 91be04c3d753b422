#include "parse/postgresql_words.hpp"

#include <algorithm>
#include <array>

#include "base/ascii.hpp"

namespace weir {
namespace {

struct translation {
  std::string_view local;
  std::string_view english;
};
/// What the catalogues of PostgreSQL 15 say (postgres-15.mo) where it differs.
constexpr std::array<translation, 123> translations{{// German
                                                     {"WARNUNG", "WARNING"},
                                                     {"HINWEIS", "NOTICE"},
                                                     {"FEHLER", "ERROR"},
                                                     {"PANIK", "PANIC"},
                                                     {"TIPP", "HINT"},
                                                     {"ANFRAGE", "QUERY"},
                                                     {"ZUSAMMENHANG", "CONTEXT"},
                                                     {"ORT", "LOCATION"},
                                                     {"ANWEISUNG", "STATEMENT"},
                                                     // Spanish
                                                     {"DETALLE", "DETAIL"},
                                                     {"CONSULTA", "QUERY"},
                                                     {"CONTEXTO", "CONTEXT"},
                                                     {"UBICACIÓN", "LOCATION"},
                                                     {"SENTENCIA", "STATEMENT"},
                                                     // French
                                                     {"ATTENTION", "WARNING"},
                                                     {"ERREUR", "ERROR"},
                                                     {"DÉTAIL", "DETAIL"},
                                                     {"ASTUCE", "HINT"},
                                                     {"REQUÊTE", "QUERY"},
                                                     {"CONTEXTE", "CONTEXT"},
                                                     {"EMPLACEMENT", "LOCATION"},
                                                     {"INSTRUCTION", "STATEMENT"},
                                                     {"PILE D'APPEL", "BACKTRACE"},
                                                     // Italian
                                                     {"ATTENZIONE", "WARNING"},
                                                     {"NOTIFICA", "NOTICE"},
                                                     {"ERRORE", "ERROR"},
                                                     {"FATALE", "FATAL"},
                                                     {"PANICO", "PANIC"},
                                                     {"DETTAGLI", "DETAIL"},
                                                     {"SUGGERIMENTO", "HINT"},
                                                     {"CONTESTO", "CONTEXT"},
                                                     {"POSIZIONE", "LOCATION"},
                                                     {"ISTRUZIONE", "STATEMENT"},
                                                     // Japanese
                                                     {"詳細", "DETAIL"},
                                                     {"ヒント", "HINT"},
                                                     {"問い合わせ", "QUERY"},
                                                     {"文脈", "CONTEXT"},
                                                     {"場所", "LOCATION"},
                                                     {"文", "STATEMENT"},
                                                     {"バックトレース", "BACKTRACE"},
                                                     // Georgian
                                                     {"გამართვა", "DEBUG"},
                                                     {"ჟურნალი", "LOG"},
                                                     {"ინფორმაცია", "INFO"},
                                                     {"გაფრთხილება", "WARNING"},
                                                     {"შეცდომა", "ERROR"},
                                                     {"ფატალური", "FATAL"},
                                                     {"პანიკა", "PANIC"},
                                                     {"დეტალები", "DETAIL"},
                                                     {"მინიშნება", "HINT"},
                                                     {"მოთხოვნა", "QUERY"},
                                                     {"კონტექსტი", "CONTEXT"},
                                                     {"მდებარეობა", "LOCATION"},
                                                     {"ოპერატორი", "STATEMENT"},
                                                     {"სტეკი", "BACKTRACE"},
                                                     // Korean
                                                     {"디버그", "DEBUG"},
                                                     {"로그", "LOG"},
                                                     {"정보", "INFO"},
                                                     {"경고", "WARNING"},
                                                     {"알림", "NOTICE"},
                                                     {"오류", "ERROR"},
                                                     {"치명적오류", "FATAL"},
                                                     {"손상", "PANIC"},
                                                     {"상세정보", "DETAIL"},
                                                     {"힌트", "HINT"},
                                                     {"쿼리", "QUERY"},
                                                     {"내용", "CONTEXT"},
                                                     {"위치", "LOCATION"},
                                                     {"명령 구문", "STATEMENT"},
                                                     {"역추적", "BACKTRACE"},
                                                     // Russian
                                                     {"ОТЛАДКА", "DEBUG"},
                                                     {"СООБЩЕНИЕ", "LOG"},
                                                     {"ИНФОРМАЦИЯ", "INFO"},
                                                     {"ПРЕДУПРЕЖДЕНИЕ", "WARNING"},
                                                     {"ЗАМЕЧАНИЕ", "NOTICE"},
                                                     {"ОШИБКА", "ERROR"},
                                                     {"ВАЖНО", "FATAL"},
                                                     {"ПАНИКА", "PANIC"},
                                                     {"ПОДРОБНОСТИ", "DETAIL"},
                                                     {"ПОДСКАЗКА", "HINT"},
                                                     {"ЗАПРОС", "QUERY"},
                                                     {"КОНТЕКСТ", "CONTEXT"},
                                                     {"ПОЛОЖЕНИЕ", "LOCATION"},
                                                     {"ОПЕРАТОР", "STATEMENT"},
                                                     {"СТЕК", "BACKTRACE"},
                                                     // Swedish
                                                     {"LOGG", "LOG"},
                                                     {"VARNING", "WARNING"},
                                                     {"NOTIS", "NOTICE"},
                                                     {"FEL", "ERROR"},
                                                     {"FATALT", "FATAL"},
                                                     {"DETALJ", "DETAIL"},
                                                     {"TIPS", "HINT"},
                                                     {"FRÅGA", "QUERY"},
                                                     {"KONTEXT", "CONTEXT"},
                                                     {"PLATS", "LOCATION"},
                                                     {"SATS", "STATEMENT"},
                                                     // Ukrainian
                                                     {"НАЛАГОДЖЕННЯ", "DEBUG"},
                                                     {"ЗАПИСУВАННЯ", "LOG"},
                                                     {"ІНФОРМАЦІЯ", "INFO"},
                                                     {"ПОПЕРЕДЖЕННЯ", "WARNING"},
                                                     {"ПОВІДОМЛЕННЯ", "NOTICE"},
                                                     {"ПОМИЛКА", "ERROR"},
                                                     {"ФАТАЛЬНО", "FATAL"},
                                                     {"ПАНІКА", "PANIC"},
                                                     {"ВІДОМОСТІ", "DETAIL"},
                                                     {"УКАЗІВКА", "HINT"},
                                                     {"ЗАПИТ", "QUERY"},
                                                     {"РОЗТАШУВАННЯ", "LOCATION"},
                                                     {"ІНСТРУКЦІЯ", "STATEMENT"},
                                                     {"ВІДСТЕЖУВАТИ", "BACKTRACE"},
                                                     // Chinese
                                                     {"调试", "DEBUG"},
                                                     {"日志", "LOG"},
                                                     {"信息", "INFO"},
                                                     {"警告", "WARNING"},
                                                     {"注意", "NOTICE"},
                                                     {"错误", "ERROR"},
                                                     {"致命错误", "FATAL"},
                                                     {"比致命错误还过分的错误", "PANIC"},
                                                     {"详细信息", "DETAIL"},
                                                     {"提示", "HINT"},
                                                     {"查询", "QUERY"},
                                                     {"上下文", "CONTEXT"},
                                                     {"位置", "LOCATION"},
                                                     {"语句", "STATEMENT"}}};

bool ends_a_word(std::string_view text) noexcept {
  if (text.empty()) return false;
  const char last = text.back();
  return is_letter(last) || is_digit(last) || static_cast<unsigned char>(last) >= 0x80;
}

}  // namespace

translated_word translated_word_at_end_of(std::string_view text) noexcept {
  // French has a blank in front of some colons.
  const std::string_view before = text.ends_with(' ') ? text.substr(0, text.size() - 1) : text;
  const auto found = std::ranges::find_if(translations, [before](const translation& t) {
    return before.ends_with(t.local) &&
           !ends_a_word(before.substr(0, before.size() - t.local.size()));
  });
  if (found == translations.end()) return {};
  return {.english = found->english, .size = found->local.size() + text.size() - before.size()};
}

}  // namespace weir
