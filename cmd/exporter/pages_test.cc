#include "cmd/exporter/pages.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ebpf_exporter {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

StatusView View() {
  StatusView view;
  view.version = "1.2";
  view.series_limit = 4000;
  view.configs = {{"bio", "", 3, {}, 120},
                  {"tcp", "", 1, {{"kprobe__x", "no such function"}}, 5},
                  {"bad", "object is truncated", 0, {}, 0}};
  return view;
}

TEST(LandingPageTest, SaysWhatItIs) {
  const std::string page = LandingPage(View());
  EXPECT_THAT(page, HasSubstr("<title>eBPF Exporter</title>"));
  EXPECT_THAT(page, HasSubstr("<h1>eBPF Exporter</h1>"));
  EXPECT_THAT(page, HasSubstr("<p>Version 1.2</p>"));
}

TEST(LandingPageTest, LinksToThePages) {
  StatusView view = View();
  view.telemetry_path = "/m";
  EXPECT_THAT(LandingPage(view), HasSubstr("<a href=\"/m\">Metrics</a>"));
  EXPECT_THAT(LandingPage(view), HasSubstr("href=\"/-/healthy\""));
  EXPECT_THAT(LandingPage(view), HasSubstr("href=\"/-/ready\""));
  EXPECT_THAT(LandingPage(view), Not(HasSubstr("/tables")));
  EXPECT_THAT(LandingPage(view), Not(HasSubstr("/debug")));
  view.debug = true;
  EXPECT_THAT(LandingPage(view), HasSubstr("<a href=\"/tables\">Tables</a>"));
  EXPECT_THAT(LandingPage(view),
              HasSubstr("<a href=\"/debug/capture\">Capture</a>"));
}

TEST(LandingPageTest, TellsOfEachConfig) {
  const std::string page = LandingPage(View());
  EXPECT_THAT(page, HasSubstr("<tr><td>bio</td><td class=\"number\">3</td>"
                              "<td>none</td><td class=\"number\">120</td>"));
  EXPECT_THAT(page, HasSubstr("<code>kprobe__x</code>: no such function"));
  EXPECT_THAT(page, HasSubstr("object is truncated"));
  EXPECT_THAT(page, HasSubstr("125 series of at most 4000."));
}

TEST(LandingPageTest, SaysThatNothingIsLoaded) {
  EXPECT_THAT(LandingPage({}), HasSubstr("No config is loaded."));
}

TEST(LandingPageTest, NoTextBecomesMarkup) {
  StatusView view;
  view.version = "<v>";
  view.telemetry_path = "/\"><script>";
  view.configs = {{"<script>", "<b>", 0, {{"<i>", "'&'"}}, 0}};
  const std::string page = LandingPage(view);
  EXPECT_THAT(page, Not(HasSubstr("<script")));
  EXPECT_THAT(page, Not(HasSubstr("<b>")));
  EXPECT_THAT(page, HasSubstr("&lt;i&gt;</code>: &#39;&amp;&#39;"));
}

TEST(EscapeHtmlTest, EscapesEachOnce) {
  EXPECT_EQ(EscapeHtml("<a b=\"c\">'&amp;'"),
            "&lt;a b=&quot;c&quot;&gt;&#39;&amp;amp;&#39;");
}

}  // namespace
}  // namespace ebpf_exporter
