#pragma once
#include <cassert>
#include <coroutine>
#include <cstddef>
#include <exception>
#include <iterator>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

namespace weir {

/// What `finish()` raises at the suspended `co_yield`. Deliberately not a std::exception, so that
/// `catch (const std::exception&)` in a body does not swallow it.
struct generator_closed {};

/// In a body, `co_await request` reads the Request of the latest `next(request)`. It never
/// suspends. The reference shows a newer Request after the body's next suspension; copy what must
/// outlive it.
struct request_t {};
inline constexpr request_t request{};

namespace detail {

struct nothing {};

/// Holds a copy: the body may read it again after `raise` or `finish`, when the caller's is long
/// gone.
template <class Request>
struct request_slot {
  std::optional<Request> latest;
};
template <>
struct request_slot<void> {};

template <class Return>
struct return_slot {
  std::optional<Return> returned;
  template <class U>
  void return_value(U&& value) {
    returned.emplace(std::forward<U>(value));
  }
};
template <>
struct return_slot<void> {
  void return_void() noexcept {}
};

template <class T, class Request, class Return>
struct generator_promise : request_slot<Request>, return_slot<Return> {
  std::remove_reference_t<T>* current = nullptr;
  /// On its way in, from `raise`; or on its way out, after it left the body. It does not leave by
  /// itself, through a `throw;` in `unhandled_exception`: Clang then destroys the body's locals a
  /// second time with the frame (llvm-project #61900).
  std::exception_ptr error;

  struct yielded {
    generator_promise* promise;
    bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<>) const noexcept {}
    void await_resume() const {
      if (promise->error) [[unlikely]] {
        promise->rethrow();
      }
    }
  };

  struct requested {
    generator_promise* promise;
    bool await_ready() const noexcept { return true; }
    void await_suspend(std::coroutine_handle<>) const noexcept {}
    decltype(auto) await_resume() const noexcept {
      if constexpr (!std::is_void_v<Request>) {
        return static_cast<const Request&>(*promise->latest);
      }
    }
  };

  auto get_return_object() noexcept {
    return std::coroutine_handle<generator_promise>::from_promise(*this);
  }
  std::suspend_always initial_suspend() const noexcept { return {}; }
  std::suspend_always final_suspend() const noexcept { return {}; }
  yielded yield_value(T& item) noexcept {
    current = std::addressof(item);
    return {this};
  }
  yielded yield_value(std::remove_const_t<T>&& item) noexcept {
    current = std::addressof(item);
    return {this};
  }
  requested await_transform(request_t) noexcept { return {this}; }
  void unhandled_exception() noexcept { error = std::current_exception(); }

  [[noreturn]] void rethrow() { std::rethrow_exception(std::exchange(error, nullptr)); }
};

}  // namespace detail

/// A lazy sequence of T, after TypeScript's Generator<T, Return, Request>.
///
/// Nothing of the body runs before the first `next`. Each `next` runs it up to its next `co_yield`
/// and lends the yielded item: the pointer is valid until the next step, no copy is made, and the
/// consumer may change the item unless T is const. (So a body yields const lvalues only if T is
/// const.) An exception that leaves the body leaves `next`; afterwards the generator is done.
/// Destroying a generator abandons the sequence, and so does assigning another one to it: the
/// body's destructors run, nothing else does. The body's parameters live as long as the generator.
///
/// A generator may move between threads while it is suspended; it is never stepped by two at once.
/// A body waits only by asking its upstream or a blocking leaf: every `co_await` but
/// `co_await request` is ill-formed.
template <class T, class Request = void, class Return = void>
class [[nodiscard]] generator {
 public:
  using promise_type = detail::generator_promise<T, Request, Return>;
  using value_type = std::remove_cv_t<T>;

  // Implicit, because it is what a coroutine's promise hands to its caller.
  generator(std::coroutine_handle<promise_type> body) noexcept : body_(body) {}
  generator(generator&& other) noexcept : body_(std::exchange(other.body_, nullptr)) {}
  generator& operator=(generator other) noexcept {
    std::swap(body_, other.body_);
    return *this;
  }
  ~generator() {
    if (body_) body_.destroy();
  }

  /// The next item, or nullptr at the end (and ever after).
  T* next()
    requires std::is_void_v<Request>
  {
    return done() ? nullptr : step();
  }

  /// The next item, telling the body what is wanted; nullptr at the end. The body reads a copy of
  /// `wanted` by `co_await request`.
  template <class R = Request>
    requires(!std::is_void_v<Request>)
  T* next(const std::type_identity_t<R>& wanted) {
    if (done()) return nullptr;
    body_.promise().latest.emplace(wanted);
    return step();
  }

  /// Raises `error`, which is not null, at the suspended `co_yield`. Gives the next item if the
  /// body handles it, nullptr if it then ends. Before the first `next` the body is never entered:
  /// the generator ends and `error` is thrown from here, as it is after the end.
  T* raise(std::exception_ptr error) {
    if (!suspended_at_yield()) {
      abandon_unstarted();
      std::rethrow_exception(std::move(error));
    }
    body_.promise().error = std::move(error);
    return step();
  }

  /// Asks the body to end: `generator_closed` surfaces at the suspended `co_yield`. A body that
  /// catches it may still yield a remainder; go on with `next` until nullptr. Before the first
  /// `next` the body is never entered; after the end nothing happens.
  T* finish() {
    if (!suspended_at_yield()) {
      abandon_unstarted();
      return nullptr;
    }
    try {
      return raise(std::make_exception_ptr(generator_closed{}));
    } catch (const generator_closed&) {
      return nullptr;
    }
  }

  /// True once the body has ended, whether normally or by an exception, and of what was moved from.
  bool done() const noexcept { return !body_ || body_.done(); }

  /// What the body gave to `co_return`; lives as long as the generator. Precondition: the body
  /// ended normally.
  template <class R = Return>
    requires(!std::is_void_v<Return> && std::is_same_v<R, Return>)
  R& result() {
    assert(body_ && body_.done() && body_.promise().returned);
    return *body_.promise().returned;
  }

  class iterator {
   public:
    using value_type = generator::value_type;
    using difference_type = std::ptrdiff_t;
    explicit iterator(generator* of) noexcept : of_(of) {}
    T& operator*() const noexcept { return *of_->body_.promise().current; }
    iterator& operator++() {
      of_->next();
      return *this;
    }
    void operator++(int) { ++*this; }
    friend bool operator==(const iterator& it, std::default_sentinel_t) noexcept {
      return it.of_->done();
    }

   private:
    generator* of_;
  };

  /// A single pass over what is left: takes the next step, so the body starts here at the latest.
  /// The generator stays where it is while an iterator is in use.
  iterator begin()
    requires std::is_void_v<Request>
  {
    next();
    return iterator{this};
  }
  std::default_sentinel_t end() const noexcept { return {}; }

 private:
  /// A body that was never entered has yielded nothing.
  bool suspended_at_yield() const noexcept { return !done() && body_.promise().current; }

  T* step() {
    body_.resume();
    if (!body_.done()) [[likely]] {
      return body_.promise().current;
    }
    if (body_.promise().error) body_.promise().rethrow();
    return nullptr;
  }

  void abandon_unstarted() noexcept {
    if (!done()) std::exchange(body_, nullptr).destroy();
  }

  std::coroutine_handle<promise_type> body_;
};

}  // namespace weir
