// Words and numbers in the reader's language. The words come translated from the page, as JSON in
// an element's data-words; nothing here is shown to a person untranslated.

export const STATUSES = ["open", "in_progress", "fixed", "wont_fix"];

const numberFormat = new Intl.NumberFormat(document.documentElement.lang || "en", {
  useGrouping: "always",
});
const compactFormat = new Intl.NumberFormat(document.documentElement.lang || "en", {
  notation: "compact",
  maximumSignificantDigits: 3,
});

/** @param {number} value @returns {string} */
export const number = (value) => numberFormat.format(value);

/** A number that fits a marker: exact up to 99,999, then "128K", "1.45M". @param {number} value */
export const shortNumber = (value) =>
  value < 100_000 ? numberFormat.format(value) : compactFormat.format(value);

/**
 * The words of an element, as a function: words("cluster", {total: "12"}).
 * Placeholders look like gettext's: %(total)s. A missing word shows its own name.
 * @param {HTMLElement} element
 */
export function wordsOf(element) {
  const words = JSON.parse(element.dataset.words || "{}");
  return (name, values = {}) =>
    (words[name] ?? name).replace(/%\((\w+)\)s/g, (_, key) => values[key] ?? "");
}
