/** Ends the session, and leaves the page to the sign-in form. */
import { useTranslation } from "react-i18next";
import { Button } from "../../design/button.tsx";
import { useSignOut } from "../../session/use-sign-out.ts";

export function SignOutButton() {
  const { t } = useTranslation();
  const { signOut, error } = useSignOut(() => window.location.reload());
  return (
    <>
      {error ? <span role="alert">{error}</span> : null}
      <Button kind="quiet" icon="signOut" onClick={signOut}>
        {t("signOut")}
      </Button>
    </>
  );
}
