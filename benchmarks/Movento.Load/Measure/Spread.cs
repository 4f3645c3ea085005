namespace Movento.Load.Measure;

internal readonly record struct Spread(double Median, double Min, double Max)
{
    public static Spread Of(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        var middle = sorted.Length / 2;
        var median = sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new(Round(median), Round(sorted[0]), Round(sorted[^1]));
    }

    private static double Round(double value) => Math.Round(value, 4);
}
