/** Shows recovery codes, once: to be copied, or written down. */
import { Alert } from "@mantine/core";
import { useTranslation } from "../../texts/use-translation.ts";
import { SecretLine } from "../list/secret-line.tsx";

export function RecoveryCodes({ codes }: { codes: readonly string[] }) {
  const { t } = useTranslation();
  return (
    <Alert role="status" className="recovery-codes">
      <SecretLine label={t("secondFactor.recoveryCodes")} value={codes.join("\n")} />
    </Alert>
  );
}
