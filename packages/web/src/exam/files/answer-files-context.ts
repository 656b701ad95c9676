/** Hands the files of the attempt to the fields of questions. Null: a preview, in which nothing can be taken. */
import { createContext, useContext, useSyncExternalStore } from "react";
import type { AnswerFiles } from "./answer-files.ts";

export const AnswerFilesContext = createContext<AnswerFiles | null>(null);

/** The field is drawn again whenever a file changes. */
export function useAnswerFiles(): AnswerFiles | null {
  const files = useContext(AnswerFilesContext);
  useSyncExternalStore(files?.listen ?? NOTHING, files?.snapshot ?? ZERO);
  return files;
}

const NOTHING = () => () => {};
const ZERO = () => 0;
