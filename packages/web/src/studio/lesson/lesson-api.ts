/** Which lesson the studio is about: the one of the page's address. */

export const lessonId = decodeURIComponent(location.pathname.split("/")[2] ?? "");

/** The path parameters of the API calls about this lesson. */
export const lessonPath = { params: { path: { lessonId } } };
