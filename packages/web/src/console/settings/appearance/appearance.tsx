/** Shows the appearance of a school's pages: its accent colour and its logo, with a preview in both themes. */
import { Button, SkeletonRows, showToast } from "@lectern/ui";
import { TRASH_ICON } from "@lectern/ui/icons";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type ChangeEvent, useId, useState } from "react";
import { accentColors } from "../../../brand/accent-colors.ts";
import { loadBrand } from "../../../brand/brand.ts";
import { api, unwrap } from "../../../session/api.ts";
import { errorMessage, InputError } from "../../../session/error-message.ts";
import { useTranslation } from "../../../texts/use-translation.ts";
import { useSchoolScope } from "../../school/school-context.ts";
import { SettingsPage } from "../settings-page.tsx";
import { base64Of, LOGO_TYPES, logoError } from "./logo-file.ts";
import { Preview } from "./preview.tsx";
import "./appearance.css";

/** Of a field that has no colour yet: that of the pages. */
const OWN_ACCENT = "#0b6b7f";

type School = { readonly id: string; readonly name: string; readonly accent: string | null; readonly logo: string | null };

export function Appearance() {
  const { t } = useTranslation();
  const schoolId = useSchoolScope().school?.id ?? "";
  const school = useQuery({
    queryKey: ["school", schoolId],
    queryFn: () => unwrap(api().GET("/api/v1/schools/{schoolId}", { params: { path: { schoolId } } })),
    enabled: schoolId !== "",
  });
  return (
    <SettingsPage page="appearance">
      <h1>{t("settingsPages.appearance")}</h1>
      {schoolId === "" ? <p>{t("selectSchool")}</p> : null}
      {school.isLoading ? <SkeletonRows rows={4} label={t("loading")} /> : null}
      {school.data ? <AppearanceForm school={school.data} /> : null}
    </SettingsPage>
  );
}

function AppearanceForm({ school }: { readonly school: School }) {
  const { t } = useTranslation();
  const [accent, setAccent] = useState(school.accent);
  const { error, change } = useChange(school.id);
  const colors = accent === null ? null : accentColors(accent);
  const save = (value: string | null) =>
    change(() =>
      unwrap(api().PATCH("/api/v1/schools/{schoolId}", { params: { path: { schoolId: school.id } }, body: { accent: value } })),
    );
  return (
    <div className="appearance">
      <div className="appearance-fields">
        <AccentField accent={accent} onChange={setAccent} />
        {colors !== null && colors.light.accent !== accent ? (
          <p className="text-muted">{t("appearance.darker", { color: colors.light.accent })}</p>
        ) : null}
        {colors !== null && colors.dark.accent !== accent ? (
          <p className="text-muted">{t("appearance.lighter", { color: colors.dark.accent })}</p>
        ) : null}
        <LogoField school={school} change={change} />
        {error ? (
          <p className="error" role="alert">
            {t("failed", { message: error })}
          </p>
        ) : null}
        <div>
          <Button kind="primary" disabled={accent === school.accent} onClick={() => void save(accent)}>
            {t("save")}
          </Button>
        </div>
      </div>
      <Preview school={school.name} colors={colors} logo={school.logo} />
    </div>
  );
}

type AccentFieldProps = { readonly accent: string | null; readonly onChange: (accent: string | null) => void };

function AccentField({ accent, onChange }: AccentFieldProps) {
  const { t } = useTranslation();
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{t("appearance.accent")}</label>
      <div className="row">
        <input id={id} type="color" value={accent ?? OWN_ACCENT} onChange={(event) => onChange(event.target.value)} />
        <code>{accent ?? t("appearance.ownAccent")}</code>
        <Button kind="quiet" disabled={accent === null} onClick={() => onChange(null)}>
          {t("appearance.useOwn")}
        </Button>
      </div>
      <small className="text-muted">{t("appearance.accentHint")}</small>
    </div>
  );
}

type LogoFieldProps = { readonly school: School; readonly change: (call: () => Promise<unknown>) => Promise<void> };

function LogoField({ school, change }: LogoFieldProps) {
  const { t } = useTranslation();
  const id = useId();
  const params = { params: { path: { schoolId: school.id } } };
  const choose = (event: ChangeEvent<HTMLInputElement>): void => {
    const file = event.target.files?.[0];
    event.target.value = "";
    if (!file) return;
    void change(async () => {
      const mistake = logoError(file);
      if (mistake) throw new InputError(t(`appearance.${mistake}`));
      await unwrap(api().PUT("/api/v1/schools/{schoolId}/logo", { ...params, body: { image: await base64Of(file) } }));
    });
  };
  return (
    <div className="field">
      <label htmlFor={id}>{t("appearance.logo")}</label>
      <input id={id} type="file" accept={LOGO_TYPES} onChange={choose} />
      <small className="text-muted">{t("appearance.logoHint")}</small>
      {school.logo ? (
        <Button
          icon={TRASH_ICON}
          onClick={() => void change(() => unwrap(api().DELETE("/api/v1/schools/{schoolId}/logo", params)))}
        >
          {t("appearance.removeLogo")}
        </Button>
      ) : null}
    </div>
  );
}

/** Makes a change, and shows it on this page too. */
function useChange(schoolId: string) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [error, setError] = useState("");
  const change = async (call: () => Promise<unknown>): Promise<void> => {
    setError("");
    try {
      await call();
      await client.invalidateQueries({ queryKey: ["school", schoolId] });
      await loadBrand();
      showToast(t("appearance.saved"));
    } catch (failure) {
      setError(errorMessage(failure, t("offline")));
    }
  };
  return { error, change };
}
