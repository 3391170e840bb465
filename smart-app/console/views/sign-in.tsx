import { useState } from 'preact/hooks';

export function SignIn({ onSignIn }: { onSignIn: (bearer: string) => void }) {
  const [bearer, setBearer] = useState('');
  return (
    <form
      class="panel sign-in stack"
      onSubmit={(event) => {
        event.preventDefault();
        onSignIn(bearer.trim());
        setBearer('');
      }}
    >
      <h2>The console is for informaticists</h2>
      <p>Paste an access token with the role "informaticist". It is kept in this page's memory until you close it.</p>
      <label class="stack">
        <span>Access token</span>
        <input
          class="inp"
          type="password"
          autocomplete="off"
          value={bearer}
          onInput={(event) => setBearer(event.currentTarget.value)}
        />
      </label>
      <button type="submit" class="btn pri">
        Open the console
      </button>
    </form>
  );
}
