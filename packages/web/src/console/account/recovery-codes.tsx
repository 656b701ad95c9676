/** Shows recovery codes, once. */
import { Alert } from "@mantine/core";
import { useTranslation } from "../../texts/use-translation.ts";

export function RecoveryCodes({ codes }: { codes: readonly string[] }) {
  const { t } = useTranslation();
  return (
    <Alert role="status">
      <p>{t("secondFactor.recoveryCodes")}</p>
      <pre>{codes.join("\n")}</pre>
    </Alert>
  );
}
