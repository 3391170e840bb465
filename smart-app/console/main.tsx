// The informaticist's console: what the rules cost, why one spoke, and what an edit would do.
import { render } from 'preact';
import '../shared/tokens.css';
import './console.css';
import { createApi } from './api.ts';
import { App } from './views/app.tsx';

render(<App api={createApi(new URL('./api/', document.baseURI).href)} />, document.getElementById('root')!);
