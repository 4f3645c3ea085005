using MathNet.Numerics.Providers.LinearAlgebra;

namespace Movento.ControlPlane.Recommendations.Fitting;

/// <summary>By Math.NET Numerics, in managed code.</summary>
internal sealed class ManagedSystem : LinearSystem
{
    public override string Name => "Math.NET";

    public override void Solve(float[] a, int order, float[] b, int columns)
    {
        var provider = ManagedLinearAlgebraProvider.Instance;
        try
        {
            provider.CholeskyFactor(a, order);
        }
        catch (ArgumentException error)
        {
            throw new NotPositiveDefiniteException("The matrix is not positive definite.", error);
        }

        provider.CholeskySolveFactored(a, order, b, columns);
    }
}
