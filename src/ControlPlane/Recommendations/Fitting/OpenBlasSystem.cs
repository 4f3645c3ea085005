using System.Runtime.InteropServices;

namespace Movento.ControlPlane.Recommendations.Fitting;

/// <summary>By OpenBLAS (Debian's libopenblas0), with half of the processors: what else runs on the machine goes on.</summary>
internal sealed partial class OpenBlasSystem : LinearSystem
{
    private const string Library = "libopenblas.so.0";
    private const byte Lower = (byte)'L';

    private static readonly Lazy<bool> Present = new(() => NativeLibrary.TryLoad(Library, out _));

    public static bool IsPresent => Present.Value;

    public override string Name => "OpenBLAS";

    public override unsafe void Solve(float[] a, int order, float[] b, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(a.LongLength, (long)order * order);
        ArgumentOutOfRangeException.ThrowIfNotEqual(b.LongLength, (long)order * columns);
        SetThreads(Math.Max(1, Environment.ProcessorCount / 2));
        var lower = Lower;
        int failed;
        fixed (float* matrix = a)
        fixed (float* right = b)
        {
            Factor(&lower, &order, matrix, &order, &failed);
            if (failed != 0) throw new NotPositiveDefiniteException($"The matrix is not positive definite: {failed}.");
            SolveFactored(&lower, &order, &columns, matrix, &order, right, &order, &failed);
        }

        if (failed != 0) throw new InvalidOperationException($"OpenBLAS refused its argument {-failed}.");
    }

    // LAPACK's spotrf and spotrs, as Fortran passes arguments: by address.
    [LibraryImport(Library, EntryPoint = "spotrf_")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static unsafe partial void Factor(byte* triangle, int* order, float* a, int* stride, int* failed);

    [LibraryImport(Library, EntryPoint = "spotrs_")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static unsafe partial void SolveFactored(byte* triangle, int* order, int* columns, float* a, int* strideOfA, float* b, int* strideOfB, int* failed);

    [LibraryImport(Library, EntryPoint = "openblas_set_num_threads")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial void SetThreads(int threads);
}
