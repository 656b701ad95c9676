/** Shows the ladder of a school's lessons, where neither the lesson nor its course has its own. */
import { Select } from "@mantine/core";
import { useTranslation } from "../../texts/use-translation.ts";
import { ladderOptions, startOptions } from "../ladders/quality-fields.ts";
import { useLadders } from "../ladders/use-ladders.ts";
import type { SettingsFields } from "./school-settings.ts";

/** The server's setting, which no call tells. */
const OF_SERVER = { ladder: null, ladderStart: null };

type QualitySettingsProps = {
  readonly schoolId: string;
  readonly fields: SettingsFields;
  readonly onChange: (fields: SettingsFields) => void;
};

export function QualitySettings({ schoolId, fields, onChange }: QualitySettingsProps) {
  const { t } = useTranslation();
  const known = useLadders({ schoolId });
  const set = (name: "ladder" | "ladderStart") => (value: string | null) => onChange({ ...fields, [name]: value ?? "" });
  return (
    <>
      <Select
        label={t("ladders.qualities")}
        description={t("ladders.schoolHint")}
        data={[...ladderOptions(known, schoolId, OF_SERVER, t)]}
        value={fields.ladder}
        onChange={set("ladder")}
        allowDeselect={false}
      />
      {fields.ladder === "none" ? null : (
        <Select
          label={t("ladders.made")}
          data={[...startOptions(OF_SERVER, t)]}
          value={fields.ladderStart}
          onChange={set("ladderStart")}
          allowDeselect={false}
        />
      )}
    </>
  );
}
