// A container of one's own becomes iterable by one function: here a tree, in sorted order, without
// a stack of the caller's, without an iterator class, and without visiting more than is looked at.
#include <iostream>
#include <memory>
#include <ranges>
#include <string>

#include "weir/generator.hpp"

struct node {
  std::string key;
  std::unique_ptr<node> left;
  std::unique_ptr<node> right;
};

void insert(std::unique_ptr<node>& at, const std::string& key) {
  if (!at) {
    at = std::make_unique<node>(key, nullptr, nullptr);
  } else {
    insert(key < at->key ? at->left : at->right, key);
  }
}

// `root` has to outlive the walk; so must its keys.
weir::generator<const std::string> in_order(const node* root) {
  if (!root) co_return;
  for (const std::string& key : in_order(root->left.get())) co_yield key;
  co_yield root->key;
  for (const std::string& key : in_order(root->right.get())) co_yield key;
}

int main() {
  std::unique_ptr<node> root;
  for (const char* river : {"Rhine", "Danube", "Volga", "Aare", "Elbe", "Thames", "Ebro"}) {
    insert(root, river);
  }

  std::cout << "all:";
  for (const std::string& key : in_order(root.get())) std::cout << ' ' << key;

  std::cout << "\nthe first two with an e in them:";
  const auto with_e = [](const std::string& key) { return key.find('e') != std::string::npos; };
  for (const std::string& key :
       in_order(root.get()) | std::views::filter(with_e) | std::views::take(2)) {
    std::cout << ' ' << key;
  }
  std::cout << '\n';
}
