// Reports per month, pure: what the bars of the years are of (`/<city>/months.json`).
import { firstDay, lastDay, monthOf } from "./months.js";

const sum = (numbers) => numbers.reduce((a, b) => a + b, 0);

export class MonthCounts {
  /** @param {{first?: string, counts?: number[]}} found  the first month, "2019-03", and four numbers
   *   for each month from it on */
  constructor({ first = "1970-01", counts = [] } = {}) {
    this.begin = monthOf(first);
    this.length = counts.length / 4;
    this.end = this.begin + this.length; // the month after the last
    this.counts = Array.from({ length: this.length }, (_, index) =>
      counts.slice(4 * index, 4 * index + 4),
    );
    this.totals = this.counts.map(sum);
  }

  /** First month and the month after the last, of a span of days, within these. */
  edges({ since, until }) {
    const within = (month) => Math.max(this.begin, Math.min(this.end, month));
    const first = monthOf(since) ?? this.begin;
    const last = monthOf(until) ?? this.end - 1;
    return [within(first), Math.max(within(first), within(last + 1))];
  }

  /** Reports in a span of days; null where months cannot tell: of a part of one, or without any. */
  total({ since, until }) {
    if (!this.length) return null;
    if ((since && since !== firstDay(monthOf(since))) || (until && until !== lastDay(monthOf(until))))
      return null;
    const [first, end] = this.edges({ since, until });
    return sum(this.totals.slice(first - this.begin, end - this.begin));
  }
}
