/** Mounts a React page in its HTML, in the brand of its school, and registers the service worker that keeps the offline page. */
import { type ReactNode, StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { loadBrand } from "./brand/brand.ts";
import { keepServerTime } from "./session/server-time.ts";
import { isTelevisionBrowser } from "./television-browser.ts";

/** The registration waits until the page has loaded what it needs itself. */
const REGISTER_AFTER_MS = 3000;

export function mountPage(page: ReactNode): void {
  const root = document.getElementById("page");
  keepServerTime();
  void loadBrand();
  document.documentElement.classList.toggle("television-browser", isTelevisionBrowser());
  if (root) createRoot(root).render(<StrictMode>{page}</StrictMode>);
  registerServiceWorker();
}

/** Browsers have service workers over HTTPS and on localhost only. */
function registerServiceWorker(): void {
  const register = () => void navigator.serviceWorker?.register("/service-worker.js").catch(() => {});
  setTimeout(register, REGISTER_AFTER_MS);
}
