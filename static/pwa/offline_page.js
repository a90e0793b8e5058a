// The offline page lists what this device has kept: forms and maps first, then what was seen last.
import { PRIVATE_PAGES, PUBLIC_PAGES } from "./caches.js";

const AT_MOST = 12;

const titleOf = (text) => new DOMParser().parseFromString(text, "text/html").title.replace(/ · civicmap$/, "");

async function keptPages() {
  const found = [];
  for (const name of [PUBLIC_PAGES, PRIVATE_PAGES]) {
    if (!(await caches.has(name))) continue;
    const cache = await caches.open(name);
    for (const key of await cache.keys()) {
      const { pathname, search } = new URL(key.url);
      const page = await cache.match(key, { ignoreVary: true });
      if (pathname === "/offline" || !page) continue;
      found.push({ address: pathname + search, title: titleOf(await page.text()) });
    }
  }
  const rank = ({ address }) => (/^\/[^/]+\/(report)?$/.test(address) ? 0 : 1);
  return found.reverse().sort((a, b) => rank(a) - rank(b)).slice(0, AT_MOST);
}

const again = document.querySelector("[data-again]");
again.href = location.href;
addEventListener("online", () => location.reload());

if ("caches" in window) {
  const pages = await keptPages().catch(() => []);
  document.querySelector("[data-kept-list]").replaceChildren(
    ...pages.map(({ address, title }) => {
      const row = document.createElement("li");
      const link = document.createElement("a");
      link.href = address;
      link.textContent = title;
      row.append(link);
      return row;
    }),
  );
  document.querySelector("[data-kept-pages]").hidden = !pages.length;
}
