/** The other language, in its own name. */
import { useTranslation } from "react-i18next";
import { changeLanguage, LANGUAGES, type Language } from "../i18n.ts";

export function LanguageButton() {
  const { i18n } = useTranslation();
  const other: Language = i18n.language === "en" ? "zh-CN" : "en";
  return (
    <button type="button" className="button" lang={other} onClick={() => changeLanguage(other)}>
      {LANGUAGES[other]}
    </button>
  );
}
