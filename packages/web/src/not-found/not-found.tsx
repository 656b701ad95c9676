/** There is nothing at this address: what may help. */
import { useTranslation } from "react-i18next";
import { initTranslations } from "../i18n.ts";
import { mountPage } from "../mount-page.tsx";

initTranslations({
  en: {
    title: "There is nothing here",
    words:
      "Perhaps the address was not copied whole. Type the code of your lesson on the first page, or ask your teacher for the link again.",
    first: "To the first page",
  },
  "zh-CN": {
    title: "这里什么都没有",
    words: "地址可能没有复制完整。请在首页输入课程码，或向老师重新索取链接。",
    first: "前往首页",
  },
});

function Page() {
  const { t } = useTranslation();
  return (
    <main className="card">
      <h1>{t("title")}</h1>
      <p>{t("words")}</p>
      <a className="button primary" href="/">
        {t("first")}
      </a>
    </main>
  );
}

mountPage(<Page />);
