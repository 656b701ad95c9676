/** Tells which lesson the studio is about: the one of the page's address. */
import { pageSubject } from "../../page-subject.ts";

export const lessonId = pageSubject();

/** The path parameters of the API calls about this lesson. */
export const lessonPath = { params: { path: { lessonId } } };
