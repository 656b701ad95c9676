/** Provides a mistake in one line of an imported file: stored with its English text, and shown in the language of the reader. */
import type { Language } from "../../../platform/messages/language.ts";
import { type Text, textIn } from "../../../platform/messages/message.ts";
import type { ImportError } from "../store/import-tables.ts";

export type RowError = {
  readonly line: number;
  /** Empty: the whole line, or the whole file. */
  readonly column: string;
  readonly text: Text;
};

/** As the database keeps it. A server that does not know the message shows the English text. */
export function storedError({ line, column, text }: RowError): ImportError {
  return { line, column, message: textIn("en", text), text };
}

/** As the API answers it. Errors of older versions have only their English text. */
export function shownError({ line, column, message, text }: ImportError, language: Language) {
  return { line, column, message: text ? textIn(language, text) : message };
}
