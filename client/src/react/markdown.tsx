import { lexer, type Token, type Tokens } from 'marked'
import { Fragment, memo, type ReactNode } from 'react'

/** Addresses that a link may have; everything else is shown as text. */
const SAFE = /^(?:https?:|mailto:|\/(?!\/)|#)/i

/** The text of a token, its entities as characters. */
const plain = (text: string): string =>
  text.replace(
    /&(amp|lt|gt|quot|#39);/g,
    (_, name) => ({ amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" })[name as 'amp'],
  )

const all = (tokens: readonly Token[] | undefined): ReactNode =>
  tokens?.map((token, index) => <Fragment key={index}>{element(token)}</Fragment>)

const cell = (tag: 'th' | 'td', { tokens, align }: Tokens.TableCell, key: number): ReactNode => {
  const Tag = tag
  return (
    <Tag key={key} style={align ? { textAlign: align } : undefined}>
      {all(tokens)}
    </Tag>
  )
}

/** One token as React elements: no text ever becomes markup. */
const element = (token: Token): ReactNode => {
  switch (token.type) {
    case 'heading': {
      const Tag = `h${Math.min(6, token.depth)}` as 'h1'
      return <Tag>{all(token.tokens)}</Tag>
    }
    case 'paragraph':
      return <p>{all(token.tokens)}</p>
    case 'blockquote':
      return <blockquote>{all(token.tokens)}</blockquote>
    case 'list': {
      const { ordered, start, items } = token as Tokens.List
      const Tag = ordered ? 'ol' : 'ul'
      return (
        <Tag {...(ordered && start !== '' ? { start } : {})}>
          {items.map((item, index) => (
            <li key={index}>{all(item.tokens)}</li>
          ))}
        </Tag>
      )
    }
    case 'code':
      return (
        <pre>
          <code>{token.text}</code>
        </pre>
      )
    case 'table': {
      const { header, rows } = token as Tokens.Table
      return (
        <table>
          <thead>
            <tr>{header.map((one, index) => cell('th', one, index))}</tr>
          </thead>
          <tbody>
            {rows.map((row, index) => (
              <tr key={index}>{row.map((one, at) => cell('td', one, at))}</tr>
            ))}
          </tbody>
        </table>
      )
    }
    case 'hr':
      return <hr />
    case 'strong':
      return <strong>{all(token.tokens)}</strong>
    case 'em':
      return <em>{all(token.tokens)}</em>
    case 'del':
      return <del>{all(token.tokens)}</del>
    case 'codespan':
      return <code>{token.text}</code>
    case 'br':
      return <br />
    case 'link':
      return SAFE.test(token.href) ? (
        <a href={token.href} rel="noreferrer noopener">
          {all(token.tokens)}
        </a>
      ) : (
        all(token.tokens)
      )
    case 'space':
    case 'def':
      return null
    case 'text':
    case 'escape':
      return 'tokens' in token && token.tokens ? all(token.tokens) : plain(token.text)
    default:
      // Images, raw HTML: what they are is shown, and nothing is loaded or run.
      return token.raw
  }
}

/** One finished block; it is parsed once however long the answer grows behind it. */
const Block = memo(({ raw }: { raw: string }) => <>{all(lexer(raw))}</>)

/** Shows Markdown as React elements, block by block, so that a growing text parses its last block only. */
export const Markdown = ({ text }: { text: string }) => {
  const blocks = lexer(text).map(({ raw }) => raw)
  return blocks.map((raw, index) => <Block key={index} raw={raw} />)
}
