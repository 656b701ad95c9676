/** Switches to the other language; the button is labelled in that language. */
import { changeLanguage } from "../i18n.ts";
import { LANGUAGES, otherLanguage } from "../language.ts";
import { useTranslation } from "../texts/use-translation.ts";

export function LanguageButton() {
  const { i18n } = useTranslation();
  const other = otherLanguage(i18n.language);
  return (
    <button type="button" className="button" lang={other} onClick={() => changeLanguage(other)}>
      {LANGUAGES[other]}
    </button>
  );
}
