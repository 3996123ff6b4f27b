package io.trilane.perf.report;

import java.util.Locale;

/// Marks that are told apart without colour. Stateless.
enum Shape {
    CIRCLE,
    SQUARE,
    TRIANGLE,
    DIAMOND,
    CROSS,
    NABLA,
    STAR;

    private static final int SERIES = 6;
    private static final int STAR_POINTS = 5;

    /// The mark of a line; never the star, which means the recommendation.
    static Shape of(int series) {
        return values()[series % SERIES];
    }

    /// For the attribute `d` of a path.
    ///
    /// @param radius half of its width
    String path(double x, double y, double radius) {
        double r = radius;
        return switch (this) {
            case CIRCLE -> format("M%s %sa%s %s 0 1 0 %s 0a%s %s 0 1 0 %s 0z", x - r, y, r, r, 2 * r, r, r, -2 * r);
            case SQUARE -> format("M%s %sh%sv%sh%sz", x - r * 0.9, y - r * 0.9, 1.8 * r, 1.8 * r, -1.8 * r);
            case TRIANGLE -> format("M%s %sL%s %sL%s %sz", x, y - r * 1.1, x + r, y + r * 0.8, x - r, y + r * 0.8);
            case DIAMOND -> format("M%s %sL%s %sL%s %sL%s %sz", x, y - r * 1.2, x + r, y, x, y + r * 1.2, x - r, y);
            case CROSS -> format("M%s %sh%sv%sh%sv%sh%sv%sh%sv%sh%sv%sh%sz", x - r * 0.35, y - r, 0.7 * r, 0.65 * r,
                    0.65 * r, 0.7 * r, -0.65 * r, 0.65 * r, -0.7 * r, -0.65 * r, -0.65 * r, -0.7 * r, 0.65 * r);
            case NABLA -> format("M%s %sL%s %sL%s %sz", x, y + r * 1.1, x + r, y - r * 0.8, x - r, y - r * 0.8);
            case STAR -> star(x, y, r * 1.25);
        };
    }

    private static String star(double x, double y, double radius) {
        StringBuilder path = new StringBuilder();
        for (int i = 0; i < 2 * STAR_POINTS; i++) {
            double angle = Math.PI * i / STAR_POINTS - Math.PI / 2;
            double r = i % 2 == 0 ? radius : radius * 0.45;
            path.append(format(i == 0 ? "M%s %s" : "L%s %s", x + r * Math.cos(angle), y + r * Math.sin(angle)));
        }
        return path.append('z').toString();
    }

    private static String format(String format, double... numbers) {
        Object[] texts = new Object[numbers.length];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = Svg.number(numbers[i]);
        }
        return String.format(Locale.ROOT, format, texts);
    }
}
