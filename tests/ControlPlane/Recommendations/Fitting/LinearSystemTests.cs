using Movento.ControlPlane.Recommendations.Fitting;

namespace Movento.ControlPlane.Tests.Recommendations.Fitting;

public class LinearSystemTests
{
    public static TheoryData<string> Systems => OpenBlasSystem.IsPresent ? ["managed", "openblas"] : ["managed"];

    [Theory]
    [MemberData(nameof(Systems))]
    public void Solve_OfAPositiveDefiniteMatrix_FindsWhatItWasMultipliedWith(string name)
    {
        const int Order = 90;
        const int Columns = 3;
        var random = new Random(3);
        var root = Enumerable.Range(0, Order * Order).Select(_ => random.NextDouble() - 0.5).ToArray();
        var matrix = new float[Order * Order];
        for (var row = 0; row < Order; row++)
        {
            for (var column = 0; column < Order; column++)
                matrix[(row * Order) + column] = (float)(Enumerable.Range(0, Order).Sum(k => root[(row * Order) + k] * root[(column * Order) + k]) + (row == column ? 1 : 0));
        }

        var solution = Enumerable.Range(0, Order * Columns).Select(_ => (float)random.NextDouble()).ToArray();
        var right = new float[Order * Columns];
        for (var column = 0; column < Columns; column++)
        {
            for (var row = 0; row < Order; row++)
                right[(column * Order) + row] = (float)Enumerable.Range(0, Order).Sum(k => (double)matrix[(row * Order) + k] * solution[(column * Order) + k]);
        }

        SystemOf(name).Solve(matrix, Order, right, Columns);

        for (var index = 0; index < right.Length; index++) Assert.Equal(solution[index], right[index], 1e-3f);
    }

    [Theory]
    [MemberData(nameof(Systems))]
    public void Solve_OfAnyOtherMatrix_SaysSo(string name) =>
        Assert.Throws<NotPositiveDefiniteException>(() => SystemOf(name).Solve([1, 2, 2, 1], 2, [1, 1], 1));

    private static LinearSystem SystemOf(string name) => name == "managed" ? new ManagedSystem() : new OpenBlasSystem();
}
