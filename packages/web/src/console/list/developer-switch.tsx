/** Has the console show what is for developers on this device. */
import { Switch } from "@mantine/core";
import { useTranslation } from "../../texts/use-translation.ts";
import { setDeveloper, useIsDeveloper } from "./developer.ts";

export function DeveloperSwitch() {
  const { t } = useTranslation();
  return (
    <Switch
      label={t("developer.copyAsCurl")}
      description={t("developer.copyAsCurlHint")}
      checked={useIsDeveloper()}
      onChange={(event) => setDeveloper(event.target.checked)}
    />
  );
}
