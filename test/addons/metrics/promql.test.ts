import assert from "node:assert/strict";
import { withMatcher } from "../../../components/addons/metrics/promql";

describe("a matcher in every selector of a query", () => {
  const cases: readonly (readonly [query: string, expected: string])[] = [
    ["up", "up{M}"],
    ["up{}", "up{M}"],
    ['up{job="a"}', 'up{M,job="a"}'],
    ['{__name__="up"}', '{M,__name__="up"}'],
    ['up{cluster="east"}', 'up{cluster="east"}'],
    ['up{my_cluster="east"}', 'up{M,my_cluster="east"}'],
    ['up{job="cluster"}', 'up{M,job="cluster"}'],
    ["rate(a_total[5m])", "rate(a_total{M}[5m])"],
    ['rate(a_total{code=~"5.."}[$__rate_interval])', 'rate(a_total{M,code=~"5.."}[$__rate_interval])'],
    ["max_over_time(rate(a[5m])[1h:30s])", "max_over_time(rate(a{M}[5m])[1h:30s])"],
    ["sum by (pod, le) (a)", "sum by (pod, le) (a{M})"],
    ["sum(a) by (pod)", "sum(a{M}) by (pod)"],
    ["sum without(instance) (a)", "sum without(instance) (a{M})"],
    ["a * on (pod) group_left (node) b", "a{M} * on (pod) group_left (node) b{M}"],
    ["a * on() group_left b", "a{M} * on() group_left b{M}"],
    ["a / ignoring (code) b > bool 0.5", "a{M} / ignoring (code) b{M} > bool 0.5"],
    ["a and b or c unless d", "a{M} and b{M} or c{M} unless d{M}"],
    ["a offset 5m", "a{M} offset 5m"],
    ["a @ end()", "a{M} @ end()"],
    ["histogram_quantile(0.99, a)", "histogram_quantile(0.99, a{M})"],
    ["quantile(0.9, a)", "quantile(0.9, a{M})"],
    ['count_values("version", a)', 'count_values("version", a{M})'],
    ["topk(5, a:b:rate5m)", "topk(5, a:b:rate5m{M})"],
    ["time() - a", "time() - a{M}"],
    ["1e3 * a + 0x1F - Inf", "1e3 * a{M} + 0x1F - Inf"],
    ['label_replace(a, "dst", "$1", "src", "(b).*")', 'label_replace(a{M}, "dst", "$1", "src", "(b).*")'],
    ['a{path="/{id}"}', 'a{M,path="/{id}"}'],
    ["a{path='it\\'s}'}", "a{M,path='it\\'s}'}"],
    ["a # up\n + b", "a{M} # up\n + b{M}"],
    ["", ""],
  ];
  for (const [query, expected] of cases) {
    it(JSON.stringify(query), () => assert.equal(withMatcher(query, "cluster", "M"), expected));
  }

  it("is there once, however often it is asked for", () => {
    const matcher = 'cluster=~"$cluster"';
    for (const [query] of cases) {
      const once = withMatcher(query, "cluster", matcher);
      assert.equal(withMatcher(once, "cluster", matcher), once);
    }
  });
});
