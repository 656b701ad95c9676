/** The texts of the console's page of the school's appearance. */

const en = {
  settingsPages: { general: "General", appearance: "Appearance" },
  appearance: {
    accent: "Accent colour",
    accentHint: "For the one thing to do next, and for links.",
    ownAccent: "Colour of Lectern",
    useOwn: "Use the colour of Lectern",
    darker: "Light pages show {{color}}: darker, so that it can be read.",
    lighter: "Dark pages show {{color}}: lighter, so that it can be read.",
    logo: "Logo",
    logoHint: "PNG, JPEG or WebP, at most 128 KB and 1024 pixels wide and high. It stands on every page of your people.",
    removeLogo: "Remove logo",
    wrongType: "The logo must be a PNG, JPEG or WebP picture. Save an SVG file as PNG.",
    tooLarge: "The file is larger than 128 KB. Save the picture smaller.",
    saved: "The appearance was saved.",
    preview: "Preview",
    light: "Light",
    dark: "Dark",
    sample: "Today: Fractions, 9:00.",
    sampleLink: "Handout",
    sampleButton: "Join the class",
  },
};

const zhCN: typeof en = {
  settingsPages: { general: "常规", appearance: "外观" },
  appearance: {
    accent: "主题色",
    accentHint: "用于最主要的操作和链接。",
    ownAccent: "默认颜色",
    useOwn: "使用默认颜色",
    darker: "浅色页面显示为 {{color}}：颜色加深，以便看清。",
    lighter: "深色页面显示为 {{color}}：颜色调亮，以便看清。",
    logo: "徽标",
    logoHint: "PNG、JPEG 或 WebP，不超过 128 KB，宽和高不超过 1024 像素。徽标会显示在本校人员的每个页面上。",
    removeLogo: "移除徽标",
    wrongType: "徽标须为 PNG、JPEG 或 WebP 图片，请将 SVG 文件另存为 PNG。",
    tooLarge: "文件超过 128 KB，请缩小图片后重试。",
    saved: "外观已保存。",
    preview: "预览",
    light: "浅色",
    dark: "深色",
    sample: "今天 9:00：分数。",
    sampleLink: "讲义",
    sampleButton: "进入课堂",
  },
};

export const APPEARANCE_MESSAGES = { en, "zh-CN": zhCN };
