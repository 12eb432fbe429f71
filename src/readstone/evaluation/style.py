"""How a report looks."""

STYLE = """
body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem; color: #222; background: #fff }
pre { font-size: 13px; overflow-x: auto }
h1 { font-size: 1.5rem } h2 { font-size: 1.2rem; margin-top: 2rem }
h3 { font-size: 1rem; margin: 0 0 .3rem }
p { margin: 0 } section { border-top: 1px solid #ccc; padding: 1rem 0 }
.facts { color: #666; margin-bottom: .8rem }
.sides { display: grid; grid-template-columns: 5fr 3fr 3fr; gap: 1.5rem; align-items: start }
.page { width: 100%; border: 1px solid #ccc; margin-bottom: .5rem }
.page rect { fill: #1a7f3720; stroke: #1a7f37; vector-effect: non-scaling-stroke }
.page rect.wrong { fill: #d1242f30; stroke: #d1242f }
.text { font-size: 13px; overflow-wrap: anywhere }
.text p { min-height: 1em }
.wrong { background: #ffd7d5; text-decoration: underline #d1242f }
.missing { background: #fff0b3; text-decoration: underline #9a6700 }
.diagrams { display: flex; flex-wrap: wrap; gap: 1.5rem }
figure { margin: 1rem 0 0 } figcaption { text-align: center; color: #666; font-size: 13px }
.diagram { width: 160px; overflow: visible }
.diagram path { fill: none; stroke: #999; vector-effect: non-scaling-stroke }
.diagram rect { fill: #0969da }
"""
