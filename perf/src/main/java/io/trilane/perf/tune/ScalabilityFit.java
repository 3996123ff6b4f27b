package io.trilane.perf.tune;

/// The universal scalability law, fitted to one curve: `rate(n) = lambda n / (1 + sigma (n - 1) + kappa n (n - 1))` with `n`
/// requests in flight.
///
/// @param cell      gives size, bundle and jobs of the curve; its depth is of no meaning
/// @param lambda    requests per second of one in flight
/// @param sigma     contention, >= 0
/// @param kappa     coherency, >= 0
/// @param error     root mean square of the relative residuals
/// @param peakDepth where the law has its maximum; 0: it has none
/// @param points    cells that it was fitted to
public record ScalabilityFit(Cell cell, double lambda, double sigma, double kappa, double error, double peakDepth,
        int points) {}
