#include "cmd/tabledump/redact.h"

#include <cstring>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

const std::string kSecret(32, 'k');

// comm[16] nr[4] over value: name[8] count.
Redactor ForEntries(std::string secret = kSecret) {
  return Redactor({{0, 16}}, {{0, 8}}, std::move(secret));
}

struct Entry {
  std::string key;
  std::string value;
};

std::string Padded(std::string text, size_t size) {
  text.resize(size, '\0');
  return text;
}

Entry EntryFor(const std::string& comm) {
  return {Padded(comm, 16) + "\1\2\3\4", Padded("ab", 8) + "\5\6\7\1\1\1\1\1"};
}

Entry Redacted(Redactor& redactor, const Entry& entry) {
  EntryBatch batch;
  batch.keys = reinterpret_cast<const std::byte*>(entry.key.data());
  batch.values = reinterpret_cast<const std::byte*>(entry.value.data());
  batch.count = 1;
  batch.key_size = 20;
  batch.value_size = batch.value_stride = 16;
  const EntryBatch out = redactor.Redact(batch);
  return {std::string(reinterpret_cast<const char*>(out.keys), 20),
          std::string(reinterpret_cast<const char*>(out.values), 16)};
}

TEST(RedactorTest, TextIsReplacedInItsLengthAndNumbersStay) {
  Redactor redactor = ForEntries();
  const Entry out = Redacted(redactor, EntryFor("postgres"));
  EXPECT_EQ(out.key.substr(16), "\1\2\3\4");
  EXPECT_EQ(out.value.substr(8), "\5\6\7\1\1\1\1\1");
  const std::string text(out.key.c_str());
  EXPECT_EQ(text.size(), 8u);
  EXPECT_NE(text, "postgres");
  EXPECT_EQ(text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789"),
            std::string::npos);
  EXPECT_EQ(out.key.substr(8, 8), std::string(8, '\0'));
  EXPECT_EQ(std::string(out.value.c_str()).size(), 2u);
}

TEST(RedactorTest, EqualTextStaysEqualAndOtherTextOther) {
  Redactor redactor = ForEntries();
  EXPECT_EQ(Redacted(redactor, EntryFor("postgres")).key,
            Redacted(redactor, EntryFor("postgres")).key);
  std::set<std::string> seen;
  for (int i = 0; i < 10000; ++i) {
    seen.insert(Redacted(redactor, EntryFor("worker" + std::to_string(i))).key);
  }
  EXPECT_EQ(seen.size(), 10000u);
}

TEST(RedactorTest, AnotherSecretGivesAnotherText) {
  Redactor one = ForEntries();
  Redactor other = ForEntries(std::string(32, 'x'));
  EXPECT_NE(Redacted(one, EntryFor("postgres")).key,
            Redacted(other, EntryFor("postgres")).key);
}

TEST(RedactorTest, WhatStandsBehindTheNulIsReplacedToo) {
  Redactor redactor = ForEntries();
  const std::string stale("sh\0gres\0x", 9);
  const Entry out = Redacted(redactor, EntryFor(stale));
  EXPECT_EQ(out.key.find("gres"), std::string::npos);
  EXPECT_EQ(std::string(out.key.c_str()),
            std::string(Redacted(redactor, EntryFor("sh")).key.c_str()));
  EXPECT_NE(out.key, Redacted(redactor, EntryFor("sh")).key);
}

TEST(RedactorTest, TextLongerThanADigestIsReplacedAll) {
  Redactor redactor({{0, 100}}, {}, kSecret);
  const std::string key(100, 'a');
  const std::string value(8, '\1');
  EntryBatch batch;
  batch.keys = reinterpret_cast<const std::byte*>(key.data());
  batch.values = reinterpret_cast<const std::byte*>(value.data());
  batch.count = 1;
  batch.key_size = 100;
  batch.value_size = batch.value_stride = 8;
  const std::string out(
      reinterpret_cast<const char*>(redactor.Redact(batch).keys), 100);
  EXPECT_EQ(out.find("aaaa"), std::string::npos);
  EXPECT_NE(out.substr(0, 32), out.substr(32, 32));
}

TEST(RedactorTest, WithoutTextsNothingChanges) {
  Redactor redactor({}, {}, kSecret);
  const Entry entry = EntryFor("x");
  EXPECT_EQ(Redacted(redactor, entry).key, entry.key);
  EXPECT_EQ(Redacted(redactor, entry).value, entry.value);
}

}  // namespace
}  // namespace ebpf_exporter
