namespace MaskRcnn.Client.Demo.Page;

/// <summary>How the page looks: light or dark as its reader likes, in one column on a phone.</summary>
internal static class DemoPageStyle
{
    public const string Css = """
        :root {
          color-scheme: light dark;
          --paper: #fbfaf8; --card: #fff; --ink: #1d1f24; --soft: #61656f; --line: #e2e0db; --link: #1757c2;
          --found: #0d7a52; --missed: #a3530b; --false: #b3264a;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --paper: #101216; --card: #181b21; --ink: #e9e8e4; --soft: #9ea3ad; --line: #2b2f38; --link: #8ab4ff;
            --found: #4cc38a; --missed: #f0a04b; --false: #f2708f;
          }
        }
        * { box-sizing: border-box; }
        html { scroll-behavior: smooth; }
        @media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
        body { margin: 0 auto; padding: 2rem 1rem 3rem; max-width: 68rem; background: var(--paper); color: var(--ink);
          font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
        a { color: var(--link); text-underline-offset: .15em; }
        a:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; border-radius: 2px; }
        .skip { position: absolute; left: -99rem; }
        .skip:focus { left: 1rem; top: .5rem; background: var(--card); padding: .4rem .8rem; }
        h1 { font-size: clamp(1.7rem, 5vw, 2.6rem); line-height: 1.15; letter-spacing: -.02em; margin: 0 0 .6rem; text-wrap: balance; }
        header p { max-width: 46rem; color: var(--soft); margin: .7rem 0; }
        header p.lead { color: var(--ink); font-size: 1.1rem; }
        code { font: .9em ui-monospace, "SF Mono", Menlo, Consolas, monospace; overflow-wrap: anywhere; }
        .numbers { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 1rem; margin: 1.4rem 0; }
        .numbers > * { background: var(--card); border: 1px solid var(--line); border-radius: .7rem; padding: 1rem 1.2rem; margin: 0; }
        table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
        caption { text-align: left; color: var(--soft); padding-bottom: .3rem; font-size: .9rem; }
        th, td { text-align: right; padding: .25rem 0; font-size: 1.35rem; }
        thead th { color: var(--soft); font-weight: 500; font-size: .9rem; }
        tbody th { text-align: left; font-weight: 500; font-size: 1rem; }
        tbody tr { border-top: 1px solid var(--line); }
        tbody tr:last-child > * { font-weight: 650; }
        dl { display: grid; grid-template-columns: 1fr 1fr; gap: .8rem 1rem; }
        dl div { display: flex; flex-direction: column-reverse; justify-content: flex-end; }
        dt { color: var(--soft); font-size: .85rem; line-height: 1.3; }
        dd { margin: 0; font-size: 1.6rem; font-weight: 650; line-height: 1.2; font-variant-numeric: tabular-nums; }
        .found { color: var(--found); } .missed { color: var(--missed); } .false { color: var(--false); }
        article { background: var(--card); border: 1px solid var(--line); border-radius: .7rem; padding: 1rem 1.2rem 1.2rem; margin: 1.2rem 0; scroll-margin-top: 1rem; }
        article:target { border-color: var(--link); box-shadow: 0 0 0 1px var(--link); }
        h2 { font-size: 1.1rem; margin: 0; overflow-wrap: anywhere; }
        h2 small { color: var(--soft); font-weight: 400; font-size: .85rem; margin-left: .4rem; white-space: nowrap; }
        .counts { margin: .15rem 0 .5rem; font-variant-numeric: tabular-nums; }
        .bar { display: flex; gap: 2px; height: .35rem; border-radius: .2rem; overflow: hidden; margin-bottom: .9rem; }
        .bar i { flex-basis: 0; background: currentColor; }
        .bar i[style$=":0"] { display: none; }
        .pair { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 1rem; }
        figure { margin: 0; }
        figure a { display: block; }
        img { display: block; width: 100%; height: auto; border-radius: .4rem; background: #0b0c0f; }
        figcaption { color: var(--soft); font-size: .9rem; margin-top: .35rem; }
        footer { color: var(--soft); font-size: .9rem; margin-top: 2rem; }
        @media (max-width: 40rem) {
          body { padding-top: 1.2rem; }
          .numbers, .pair { grid-template-columns: minmax(0, 1fr); }
          article { padding: .9rem; }
        }
        @media print { article { break-inside: avoid; } }
        """;
}
