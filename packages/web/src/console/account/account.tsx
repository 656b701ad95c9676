/** The own account: where it is signed in. */
import { Stack, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { OpenSessions } from "./open-sessions.tsx";

export function Account() {
  const { t } = useTranslation();
  return (
    <Stack>
      <Title order={1}>{t("account")}</Title>
      <OpenSessions />
    </Stack>
  );
}
