//! Lines over a plane as SVG.

use plotters::prelude::*;

/// One line.
#[derive(Clone, Debug)]
pub struct Line {
    /// Its name.
    pub name: String,
    /// Its points.
    pub points: Vec<(f64, f64)>,
    /// Whether it stands out.
    pub bold: bool,
}

/// How an axis is divided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// Evenly.
    Linear,
    /// By powers of ten; what is not above 0 is left out.
    Log,
}

/// An axis.
#[derive(Clone, Debug)]
pub struct Axis {
    /// What it shows, with its unit.
    pub name: &'static str,
    /// How it is divided.
    pub scale: Scale,
}

/// Colours that people with any eyesight tell apart (Okabe and Ito), and greys.
const COLOURS: [RGBColor; 9] = [
    RGBColor(0, 114, 178),
    RGBColor(230, 159, 0),
    RGBColor(0, 158, 115),
    RGBColor(204, 121, 167),
    RGBColor(86, 180, 233),
    RGBColor(150, 130, 0),
    RGBColor(120, 120, 120),
    RGBColor(0, 0, 0),
    RGBColor(213, 94, 0),
];

/// Draws lines.
///
/// # Errors
/// There is nothing to draw, or the drawing fails.
pub fn lines(title: &str, x: &Axis, y: &Axis, lines: &[Line]) -> anyhow::Result<String> {
    // The plane is linear in what is drawn; a logarithmic axis shows powers of ten.
    let place = |scale: Scale, value: f64| if scale == Scale::Log { value.log10() } else { value };
    let placed: Vec<Vec<(f64, f64)>> = lines
        .iter()
        .map(|line| {
            let all = line.points.iter().map(|(at, of)| (place(x.scale, *at), place(y.scale, *of)));
            all.filter(|(at, of)| at.is_finite() && of.is_finite()).collect()
        })
        .collect();
    let (across, up) =
        (range(placed.iter().flatten().map(|point| point.0))?, range(placed.iter().flatten().map(|point| point.1))?);
    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, (860, 480)).into_drawing_area();
        area.fill(&WHITE).map_err(drawing)?;
        let mut chart = ChartBuilder::on(&area)
            .caption(title, ("sans-serif", 18))
            .margin(12)
            .x_label_area_size(42)
            .y_label_area_size(64)
            .build_cartesian_2d(across, up)
            .map_err(drawing)?;
        let label =
            |scale: Scale| move |value: &f64| text(if scale == Scale::Log { 10_f64.powf(*value) } else { *value });
        chart
            .configure_mesh()
            .x_desc(x.name)
            .y_desc(y.name)
            .x_label_formatter(&label(x.scale))
            .y_label_formatter(&label(y.scale))
            .light_line_style(WHITE)
            .draw()
            .map_err(drawing)?;
        for ((line, points), colour) in lines.iter().zip(placed).zip(COLOURS.iter().cycle()) {
            let style =
                ShapeStyle { color: colour.to_rgba(), filled: false, stroke_width: if line.bold { 3 } else { 1 } };
            let drawn = chart.draw_series(LineSeries::new(points, style)).map_err(drawing)?;
            drawn.label(&line.name).legend(move |(at, of)| PathElement::new(vec![(at, of), (at + 18, of)], style));
        }
        chart
            .configure_series_labels()
            .background_style(WHITE.mix(0.8))
            .border_style(BLACK)
            .position(SeriesLabelPosition::UpperLeft)
            .draw()
            .map_err(drawing)?;
        area.present().map_err(drawing)?;
    }
    Ok(svg)
}

fn drawing(error: impl std::fmt::Display) -> anyhow::Error {
    anyhow::anyhow!("cannot draw: {error}")
}

/// From the least to the most, never empty.
fn range(values: impl Iterator<Item = f64>) -> anyhow::Result<std::ops::Range<f64>> {
    let (least, most) = values.fold((f64::MAX, f64::MIN), |(least, most), value| (least.min(value), most.max(value)));
    anyhow::ensure!(least <= most, "nothing to draw");
    let slack = ((most - least) * 0.05).max(1e-9);
    Ok(least - slack..most + slack)
}

/// Three digits that matter.
fn text(value: f64) -> String {
    match value.abs() {
        size if size >= 100.0 || size == 0.0 => format!("{value:.0}"),
        size if size >= 10.0 => format!("{value:.1}"),
        size if size >= 0.1 => format!("{value:.2}"),
        _ => format!("{value:.3}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_drawn_and_named() {
        let line = |name: &str| Line {
            name: name.to_owned(),
            points: vec![(1.0, 0.0), (10.0, 2.0), (100.0, 3.0)],
            bold: false,
        };
        let axis = |scale| Axis { name: "x", scale };
        let svg = lines("title", &axis(Scale::Log), &axis(Scale::Linear), &[line("one"), line("two")]).unwrap();
        assert!(svg.starts_with("<svg") && svg.trim_end().ends_with("</svg>"));
        assert!(["title", "one", "two"].iter().all(|text| svg.contains(text)));
        // Two lines and two entries of the legend.
        assert!(svg.matches("<polyline").count() >= 4);
        assert!(lines("title", &axis(Scale::Log), &axis(Scale::Log), &[]).is_err());
    }

    #[test]
    fn labels_are_short() {
        assert_eq!([1234.6, 12.34, 1.234, 0.01234, 0.0].map(text), ["1235", "12.3", "1.23", "0.012", "0"]);
    }
}
