/** The lesson's code in the address of the page. */
export function pageCode(): string {
  return decodeURIComponent(location.pathname.split("/")[2] ?? "");
}
