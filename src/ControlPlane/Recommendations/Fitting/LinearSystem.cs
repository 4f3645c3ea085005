namespace Movento.ControlPlane.Recommendations.Fitting;

/// <summary>Solves what a fit comes down to. Two do it: OpenBLAS where the machine has it, several times faster, and Math.NET everywhere.</summary>
internal abstract class LinearSystem
{
    /// <summary>As told by the log: <c>OpenBLAS</c> or <c>Math.NET</c>.</summary>
    public abstract string Name { get; }

    /// <summary>The faster one that this machine has.</summary>
    public static LinearSystem Best { get; } = OpenBlasSystem.IsPresent ? new OpenBlasSystem() : new ManagedSystem();

    /// <summary>Solves A·X = B by Cholesky's factorization.</summary>
    /// <param name="a">Symmetric and positive definite, <paramref name="order"/> squared; destroyed.</param>
    /// <param name="order">Unknowns.</param>
    /// <param name="b">Column by column; X afterwards.</param>
    /// <param name="columns">Columns of B.</param>
    /// <exception cref="NotPositiveDefiniteException">A is not.</exception>
    public abstract void Solve(float[] a, int order, float[] b, int columns);
}
