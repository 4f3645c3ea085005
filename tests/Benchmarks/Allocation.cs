using BenchmarkDotNet.Parameters;
using BenchmarkDotNet.Running;

namespace Movento.Benchmarks.Tests;

/// <summary>Runs a benchmark as BenchmarkDotNet would, without its clock, and counts bytes.</summary>
internal static class Allocation
{
    // Enough operations that pools are filled and one stray allocation of the runtime vanishes in the division, few enough that
    // a benchmark of 10 ms takes three seconds.
    private const int WarmUp = 32;
    private const int Batches = 9;
    private const int OperationsInABatch = 32;

    /// <summary>Bytes that one operation allocates: the median over batches.</summary>
    public static async Task<long> MeasureAsync(BenchmarkCase benchmark)
    {
        var descriptor = benchmark.Descriptor;
        var instance = Activator.CreateInstance(descriptor.Type)!;
        foreach (var parameter in benchmark.Parameters.Items.Where(item => !item.IsArgument))
            Set(instance, parameter);
        await CallAsync(instance, descriptor.GlobalSetupMethod);
        try
        {
            Assert.True(descriptor.IterationSetupMethod is null && descriptor.IterationCleanupMethod is null,
                "An operation that needs an IterationSetup is not one to count in batches.");
            var arguments = benchmark.Parameters.Items.Where(item => item.IsArgument).Select(item => item.Value).ToArray();
            return Measure(Operation.Of(instance, descriptor.WorkloadMethod, arguments), descriptor.OperationsPerInvoke);
        }
        finally
        {
            await CallAsync(instance, descriptor.GlobalCleanupMethod);
        }
    }

    private static long Measure(Operation operation, int operationsPerInvoke)
    {
        for (var i = 0; i < WarmUp; i++)
            operation.Run();

        var batches = new long[Batches];
        for (var batch = 0; batch < Batches; batch++)
        {
            var before = operation.AllocatedBytes();
            for (var i = 0; i < OperationsInABatch; i++)
                operation.Run();
            batches[batch] = operation.AllocatedBytes() - before;
        }

        Array.Sort(batches);
        return batches[Batches / 2] / (OperationsInABatch * operationsPerInvoke);
    }

    private static void Set(object instance, ParameterInstance parameter)
    {
        if (instance.GetType().GetProperty(parameter.Name) is { } property)
            property.SetValue(instance, parameter.Value);
        else
            instance.GetType().GetField(parameter.Name)!.SetValue(instance, parameter.Value);
    }

    private static async Task CallAsync(object instance, System.Reflection.MethodInfo? method)
    {
        switch (method?.Invoke(instance, null))
        {
            case Task task:
                await task;
                break;
            case ValueTask task:
                await task;
                break;
        }
    }
}
