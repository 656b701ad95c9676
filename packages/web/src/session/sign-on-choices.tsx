/** Shows buttons that sign people in with the providers of their school. */
import { useState } from "react";
import { useTranslation } from "../texts/use-translation.ts";
import { publicApi, unwrap } from "./api.ts";
import { errorMessage } from "./error-message.ts";
import { useSignOn } from "./use-sign-on.ts";

type SignOnChoicesProps = {
  readonly choices: readonly { readonly id: string; readonly name: string }[];
  /** The text of the button for a provider. */
  readonly labelOf: (name: string) => string;
};

/** The person comes back to this page. */
export function SignOnChoices({ choices, labelOf }: SignOnChoicesProps) {
  const { t } = useTranslation();
  const [error, setError] = useState("");
  const begin = async (providerId: string): Promise<void> => {
    try {
      const returnTo = location.pathname + location.search;
      const { url } = await unwrap(publicApi().POST("/api/v1/sign-on", { body: { providerId, returnTo } }));
      location.assign(url);
    } catch (failure) {
      setError(errorMessage(failure, t("offline")));
    }
  };
  return (
    <>
      {choices.map(({ id, name }) => (
        <button key={id} type="button" className="button" onClick={() => void begin(id)}>
          {labelOf(name)}
        </button>
      ))}
      {error ? (
        <p className="error" role="alert">
          {error}
        </p>
      ) : null}
    </>
  );
}

/** For the only school of a server. */
export function OnlySchoolChoices({ labelOf }: Pick<SignOnChoicesProps, "labelOf">) {
  return <SignOnChoices choices={useSignOn(null)?.items ?? []} labelOf={labelOf} />;
}
