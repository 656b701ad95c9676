/** The texts of the offline page. */

const en = {
  title: "No connection",
  hint: "This device cannot reach Lectern. The page tries again automatically. Check that Wi-Fi or mobile data is on.",
  retry: "Try again",
};

const zh: typeof en = {
  title: "无网络连接",
  hint: "当前设备无法连接 Lectern，页面会自动重试。请检查 Wi-Fi 或移动数据是否已打开。",
  retry: "重试",
};

export const OFFLINE_MESSAGES = { en, "zh-CN": zh };
