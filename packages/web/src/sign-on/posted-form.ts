/** Reads the form that a school's sign-in service has the browser post, which the server has put into the head of the page. */

/** @param text JSON of the server @returns as `application/x-www-form-urlencoded`; empty: there was a query instead */
export function postedForm(text: string): string {
  try {
    const data: unknown = JSON.parse(text);
    const form: unknown = typeof data === "object" && data !== null ? Reflect.get(data, "form") : "";
    return typeof form === "string" ? form : "";
  } catch {
    return "";
  }
}
