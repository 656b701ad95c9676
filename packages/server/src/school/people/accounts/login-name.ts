/**
 * Provides the form in which logins are stored and compared: RFC 8265, section 3.3 (UsernameCaseMapped), with NFKC instead of its width mapping. So a
 * login typed with a Chinese input method's wide letters, in capitals or with composed accents is the same one.
 */

/** Letters with their marks and digits of any script, and `. _ @ + - ·`. */
export const LOGIN_PATTERN = /^[\p{L}\p{N}][\p{L}\p{M}\p{N}._@+·-]{0,99}$/u;

export function loginName(typed: string): string {
  return typed.normalize("NFKC").trim().toLowerCase();
}

/** How an account may have its login: earlier versions stored it as it was typed, in small letters. */
export function storedLogins(typed: string): readonly string[] {
  return [...new Set([loginName(typed), typed.trim().toLowerCase()])];
}
