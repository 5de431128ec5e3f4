namespace FisherFlow.Likelihoods;

/// <summary>Writes down what a function does with the parameters while it runs for a row.</summary>
/// <remarks>The parameters are the first steps; numbers that are mixed in are noted apart, in the order in which they came, so that rows for which the same is done have the same steps.</remarks>
sealed class Recorder(int parameters)
{
    /// <summary>Longer functions are not recorded: their values would leave the caches.</summary>
    public const int MostSteps = 1024;

    const int Bits = 12;
    const ulong Mask = (1 << Bits) - 1;

    readonly ulong[] _steps = new ulong[MostSteps];
    readonly double[] _constants = new double[MostSteps];
    int _count;
    int _constantCount;

    /// <summary>The steps of the present row, without the parameters.</summary>
    public ReadOnlySpan<ulong> Steps => _steps.AsSpan(parameters, _count - parameters);

    /// <summary>The numbers that were mixed in.</summary>
    public ReadOnlySpan<double> Constants => _constants.AsSpan(0, _constantCount);

    /// <summary>Starts with another row.</summary>
    public void Begin() => (_count, _constantCount) = (parameters, 0);

    /// <summary>Notes a number that is mixed in.</summary>
    public int Constant(double value)
    {
        if (_constantCount == MostSteps) { throw new NotRecordableException(); }
        _constants[_constantCount] = value;
        return Push(RowOperation.Constant, _constantCount++);
    }

    /// <summary>Notes a step; returns its number.</summary>
    public int Push(RowOperation operation, int a, int b = 0, int c = 0)
    {
        if (_count == MostSteps) { throw new NotRecordableException(); }
        _steps[_count] = ((ulong)operation << (3 * Bits)) | ((ulong)(uint)a << (2 * Bits)) | ((ulong)(uint)b << Bits) | (uint)c;
        return _count++;
    }

    /// <summary>A step's operation and operands.</summary>
    public static (RowOperation Operation, int A, int B, int C) Unpack(ulong step) =>
        ((RowOperation)(step >> (3 * Bits)), (int)((step >> (2 * Bits)) & Mask), (int)((step >> Bits) & Mask), (int)(step & Mask));
}

/// <summary>A function wanted to know a value that depends on the parameters, or does too much: it cannot be recorded.</summary>
sealed class NotRecordableException : Exception;
