/** Matches subjects with a rule's pattern, in which `*` stands for any text. Takes time in proportion to pattern × subject at most. */
export function matchesPattern(pattern: string, subject: string): boolean {
  let [at, star, resumeAt] = [0, -1, 0];
  for (let i = 0; i < subject.length; ) {
    if (pattern[at] === "*") {
      star = at++;
      resumeAt = i;
    } else if (at < pattern.length && pattern[at] === subject[i]) {
      at++;
      i++;
    } else if (star !== -1) {
      at = star + 1;
      i = ++resumeAt;
    } else return false;
  }
  while (pattern[at] === "*") at++;
  return at === pattern.length;
}
