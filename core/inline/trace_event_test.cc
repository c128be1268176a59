#include "core/inline/trace_event.h"

#include <string>
#include <string_view>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using ::testing::HasSubstr;

constexpr std::string_view kFormat = R"(name: block_rq_issue
ID: 1093
format:
	field:unsigned short common_type;	offset:0;	size:2;	signed:0;
	field:int common_pid;	offset:4;	size:4;	signed:1;

	field:dev_t dev;	offset:8;	size:4;	signed:0;
	field:sector_t sector;	offset:16;	size:8;	signed:0;
	field:char rwbs[8];	offset:24;	size:8;	signed:0;
	field:__data_loc char[] cmd;	offset:32;	size:4;	signed:0;
	field:s8 top;	offset:36;	size:1;	signed:1;
	field:void * function;	offset:40;	size:8;	signed:0;
	field:const struct sock * sk;	offset:48;	size:8;	signed:0;
	field:u8 saddr[4];	offset:56;	size:4;	signed:0;
	field:unsigned long args[2];	offset:64;	size:16;	signed:0;

print fmt: "%d,%d", REC->dev, REC->sector
)";

std::string Struct(std::string_view format) {
  const auto text = TraceStruct("tracepoint__a__b", ParseTraceFormat(format));
  return text.ok() ? *text : std::string(text.status().message());
}

TEST(TraceEventTest, MembersAreWhereTheKernelPutsThem) {
  EXPECT_EQ(Struct(kFormat),
            "struct sock;\nstruct tracepoint__a__b {\n"
            "\tu8 hole_at_0_[8];\n\tu32 dev;\n\tu8 hole_at_12_[4];\n"
            "\tu64 sector;\n\tchar rwbs[8];\n\tu32 data_loc_cmd;\n\ts8 top;\n"
            "\tu8 hole_at_37_[3];\n\tvoid *function;\n"
            "\tconst struct sock *sk;\n\tu8 saddr[4];\n\tu8 hole_at_60_[4];\n"
            "\tu64 args[2];\n} __attribute__((packed, aligned(8)));\n");
}

TEST(TraceEventTest, AnEventWithoutFields) {
  EXPECT_THAT(Struct("\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;"),
              HasSubstr("u8 nothing_;"));
}

TEST(TraceEventTest, WhatIsNotUnderstoodIsRefused) {
  EXPECT_THAT(Struct("field:int;\toffset:8;\tsize:4;\tsigned:1;"),
              HasSubstr("has a field \"int\" that is not understood"));
  EXPECT_THAT(Struct("field:int a;\toffset:8;\tsize:4;\tsigned:1;\n"
                     "field:int b;\toffset:9;\tsize:4;\tsigned:1;"),
              HasSubstr("\"int b\""));
}

}  // namespace
}  // namespace ebpf_exporter
