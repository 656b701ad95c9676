/** Shows a page in its place. */
import { type ReactNode, StrictMode } from "react";
import { createRoot } from "react-dom/client";

const OFFLINE_AFTER_MS = 3000;

export function mountPage(page: ReactNode): void {
  const place = document.getElementById("page");
  if (place) createRoot(place).render(<StrictMode>{page}</StrictMode>);
  keepOfflinePage();
}

/** For the time without a connection; after all that the page itself needs. Browsers do it over HTTPS and on the machine itself only. */
function keepOfflinePage(): void {
  const register = () => void navigator.serviceWorker?.register("/service-worker.js").catch(() => {});
  setTimeout(register, OFFLINE_AFTER_MS);
}
