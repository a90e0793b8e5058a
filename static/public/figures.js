// Numbers and words of what a map offers beside its pins. The separators come with the page: browsers
// know neither those of Kazakh nor of Kyrgyz.

/** @param {{group: string, decimal: string}} signs @returns {(value: number, digits?: number) => string} */
export const figuresOf =
  ({ group = ",", decimal = "." }) =>
  (value, digits = 0) => {
    const [whole, part] = Math.abs(value).toFixed(digits).split(".");
    const grouped = whole.replace(/\B(?=(\d{3})+$)/g, group);
    return `${value < 0 ? "−" : ""}${grouped}${part ? decimal + part : ""}`;
  };

/** As many digits as a round number needs, two at most: 0.25, 1.5, 2, 60. */
export const digitsOf = (value) => [0, 1].find((digits) => value === Number(value.toFixed(digits))) ?? 2;

/** The words of an element's data-words: words("count", {count: "12"}). */
export function wordsIn(element) {
  const words = JSON.parse(element.dataset.words || "{}");
  return (name, values = {}) =>
    (words[name] ?? name).replace(/%\((\w+)\)s/g, (_, key) => values[key] ?? "");
}
