/** Lists what the search over everything has found, as rows that open a page of the console. */
import { ACCOUNT_ICON, BOOK_ICON, type IconDrawing, LESSON_ICON, RECORDING_ICON } from "@lectern/ui/icons";

export type SearchResult = {
  readonly key: string;
  readonly kind: "page" | "lesson" | "person" | "course";
  readonly icon: IconDrawing;
  readonly name: string;
  /** Beside the name; empty: what kind of thing it is. */
  readonly more: string;
  readonly path: string;
};

type NamedPage = { readonly name: string; readonly label: string; readonly path: string; readonly icon: IconDrawing };

/** The text without capitals and accents, as people type it. */
function folded(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().trim();
}

/** The pages whose name has the text; all of them for no text. Those that start with it come first. */
export function foundPages(pages: readonly NamedPage[], text: string): readonly SearchResult[] {
  const wanted = folded(text);
  const startsWith = ({ label }: NamedPage) => folded(label).startsWith(wanted);
  return pages
    .filter(({ label, name }) => folded(label).includes(wanted) || name.includes(wanted))
    .toSorted((a, b) => Number(startsWith(b)) - Number(startsWith(a)))
    .map(({ name, label, path, icon }) => ({ key: `page ${name}`, kind: "page", icon, name: label, more: "", path }));
}

type Lesson = { readonly id: string; readonly title: string };
type Person = { readonly id: string; readonly name: string; readonly login: string; readonly role: string };
type Course = { readonly id: string; readonly name: string };

/** A course opens its page; the others open their list, with only it in it. */
export function foundThings(
  lessons: readonly Lesson[],
  people: readonly Person[],
  courses: readonly Course[],
  roleName: (role: string) => string,
): readonly SearchResult[] {
  const listOf = (path: string, search: string) => `${path}?search=${encodeURIComponent(search)}`;
  return [
    ...lessons.map(
      ({ id, title }): SearchResult => ({
        key: `lesson ${id}`,
        kind: "lesson",
        icon: LESSON_ICON,
        name: title,
        more: "",
        path: listOf("/lessons", title),
      }),
    ),
    ...people.map(
      ({ id, name, login, role }): SearchResult => ({
        key: `person ${id}`,
        kind: "person",
        icon: ACCOUNT_ICON,
        name,
        more: `${login} · ${roleName(role)}`,
        path: listOf("/people", login),
      }),
    ),
    ...courses.map(
      ({ id, name }): SearchResult => ({
        key: `course ${id}`,
        kind: "course",
        icon: BOOK_ICON,
        name,
        more: "",
        path: `/courses/${id}`,
      }),
    ),
  ];
}

/** Of the row that is there whatever is found. */
export const RECORDINGS_KEY = "recordings";

/** Leads to what was said, written and shown in lessons. */
export function foundWords(text: string, name: string): SearchResult {
  const path = `/search?text=${encodeURIComponent(text)}`;
  return { key: RECORDINGS_KEY, kind: "page", icon: RECORDING_ICON, name, more: "", path };
}
