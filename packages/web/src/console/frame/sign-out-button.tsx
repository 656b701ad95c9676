/** Ends the session, and leaves the page to the sign-in form. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../../design/button.tsx";
import { api, unwrap } from "../../session/api.ts";
import { errorCode, errorMessage } from "../../session/error-message.ts";
import { forgetSignIn, isSignedOut } from "../../session/signed-in.ts";

export function SignOutButton() {
  const { t } = useTranslation();
  const [error, setError] = useState("");
  const signOut = async (): Promise<void> => {
    try {
      await unwrap(api().DELETE("/api/v1/sessions/current"));
    } catch (failure) {
      // Only the server can end the session and remove its cookie.
      if (!isSignedOut(errorCode(failure))) return setError(errorMessage(failure, t("offline")));
    }
    forgetSignIn();
    window.location.reload();
  };
  return (
    <>
      {error ? <span role="alert">{error}</span> : null}
      <Button kind="quiet" icon="signOut" onClick={() => void signOut()}>
        {t("signOut")}
      </Button>
    </>
  );
}
