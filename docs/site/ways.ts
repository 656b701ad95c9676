/** Lists the documents in the order in which each of the four kinds of readers needs them: the sides of the site, and of its first page. */

export type Way = {
  readonly title: string;
  readonly groups: readonly { readonly title: string; readonly pages: readonly string[] }[];
};

export const WAYS: readonly Way[] = [
  {
    title: "Teach",
    groups: [
      { title: "A lesson", pages: ["teachers", "students"] },
      { title: "What you bring", pages: ["encoders", "publish-browser", "slides", "recording"] },
    ],
  },
  {
    title: "Run a school",
    groups: [
      { title: "Set up", pages: ["administrators", "exams", "policies", "security"] },
      { title: "Other systems", pages: ["sign-on", "scim", "lti"] },
    ],
  },
  {
    title: "Run servers",
    groups: [
      { title: "Begin", pages: ["install", "coming-from", "configuration", "operations", "https", "versions"] },
      { title: "Day by day", pages: ["monitoring", "backup", "errors"] },
      { title: "Streams", pages: ["ladder", "sources", "forwards", "srt", "webrtc", "gb28181", "captions", "links", "callbacks"] },
      { title: "Grow", pages: ["sizes", "scale", "load", "cluster", "dispatch", "cdn", "geoip", "performance"] },
      { title: "Audits", pages: ["security-asvs", "security-mlps", "gmt"] },
    ],
  },
  {
    title: "Build on it",
    groups: [
      { title: "From your own system", pages: ["integrate", "api", "embed", "player", "room-protocol", "exam-protocol"] },
      { title: "Reference", pages: ["reference/"] },
      {
        title: "The program",
        pages: [
          "architecture",
          "architecture/core",
          "architecture/cluster",
          "architecture/school",
          "architecture/pages",
          "design",
          "pictures",
          "decisions/",
        ],
      },
    ],
  },
];

/** In Chinese there are those of teachers, students and administrators, and the first of operators; the others are in English. */
export const CHINESE_WAYS: readonly Way[] = [
  { title: "上课", groups: [{ title: "上课", pages: ["zh/teachers", "zh/students"] }] },
  { title: "管理学校", groups: [{ title: "管理学校", pages: ["zh/administrators"] }] },
  {
    title: "运行服务器",
    groups: [
      { title: "入门", pages: ["zh/install"] },
      { title: "英文文档", pages: ["configuration", "operations", "https", "monitoring", "backup", "coming-from"] },
    ],
  },
  { title: "二次开发（英文）", groups: [{ title: "接口", pages: ["integrate", "api", "embed", "player"] }] },
];
