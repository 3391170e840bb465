// Card text as elements. Text never becomes markup: every string ends as a text node.
import { type Inline, readMarkdown } from './markdown.ts';

export function Markdown({ text }: { text: string }) {
  // Long text scrolls in its own box, so that one talkative card cannot push the others out of sight.
  const isLong = text.length > 1200;
  return (
    <div class={isLong ? 'md long' : 'md'} {...(isLong && { tabIndex: 0, role: 'region', 'aria-label': 'Detail' })}>
      {readMarkdown(text).map((block, at) => {
        if (block.kind === 'list') {
          const items = block.items.map((item, i) => <li key={i}>{inline(item)}</li>);
          return block.isOrdered ? <ol key={at}>{items}</ol> : <ul key={at}>{items}</ul>;
        }
        if (block.kind === 'table') {
          return (
            // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
            <section key={at} class="scroll" tabIndex={0} aria-label={`Table ${at + 1}`}>
              <table>
                <thead>
                  <tr>
                    {block.head.map((cell, i) => (
                      <th key={i} scope="col">
                        {inline(cell)}
                      </th>
                    ))}
                  </tr>
                </thead>
                <tbody>
                  {block.rows.map((row, r) => (
                    <tr key={r}>
                      {row.map((cell, i) => (
                        <td key={i}>{inline(cell)}</td>
                      ))}
                    </tr>
                  ))}
                </tbody>
              </table>
            </section>
          );
        }
        return (
          <p key={at}>
            {block.kind === 'heading' ? <strong>{inline(block.children)}</strong> : inline(block.children)}
          </p>
        );
      })}
    </div>
  );
}

function inline(parts: Inline[]) {
  return parts.map((part, at) => {
    if (part.kind === 'text') return part.text;
    if (part.kind === 'code') return <code key={at}>{part.text}</code>;
    if (part.kind === 'link') {
      return (
        <a key={at} href={part.href} target="_blank" rel="noopener noreferrer">
          {inline(part.children)}
        </a>
      );
    }
    return part.kind === 'strong' ? (
      <strong key={at}>{inline(part.children)}</strong>
    ) : (
      <em key={at}>{inline(part.children)}</em>
    );
  });
}
